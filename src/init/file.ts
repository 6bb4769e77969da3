import type { SinkStarter } from "./starter.ts";

const whole = "{ line: { $exists: false } }";

export const file: SinkStarter = {
  title: "lines of JSON in a file",
  name: "archive",
  sink: `
# Needs no account. Each event is a line of JSON.
archive:
  type: file
  path: ./data/events.jsonl
`,
  targets: `
- sink: archive # without a \`line\` of its own: the whole event
`,
  variables: [],
  expects: {
    BOOKING_CREATED: whole,
    BOOKING_CANCELLED: whole,
    MEETING_ENDED: whole,
    AFTER_HOSTS_CAL_VIDEO_NO_SHOW: whole,
    FORM_SUBMITTED: whole,
    OOO_CREATED: whole,
  },
};
