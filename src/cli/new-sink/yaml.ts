import type { SinkNames } from "./names.ts";

/** What to put into the configuration; `path` is that of the plugin, null for a built-in one. */
export function yamlOf({ type, variable }: SinkNames, path: string | null): string {
  return `${path === null ? "" : `plugins: [${path}]\n\n`}sinks:
  ${type}:
    type: ${type}
    url: https://api.example.com/messages
    token: \${${variable}}
    optional: true # runs dry until ${variable} is set

routes:
  - name: bookings-to-${type}
    on: BOOKING_*
    to:
      - sink: ${type}
        text: "{{ booking.title }} {{ booking.start | local: booking.organizer }}"
`;
}
