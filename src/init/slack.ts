import type { SinkStarter } from "./starter.ts";

const bookings = `
# One thread for each booking: the first message begins it, and whatever happens later is a reply.
- sink: team-slack
  channel: "#bookings"
  onUpdate: thread
  text: >-
    *{{ booking.title }}* · {{ booking.status | downcase }} ·
    {{ booking.start | local: booking.organizer }} · {{ booking.attendee.name | default: booking.attendee.email }}
    {%- if booking.meetingUrl %} · {{ booking.meetingUrl }}{% endif %}
    {%- if booking.cancellation.reason %} · _{{ booking.cancellation.reason }}_{% endif %}
`;

const meetings = `
- sink: team-slack
  channel: "#bookings"
  onUpdate: thread
  text: >-
    {%- case trigger -%}
    {%- when "MEETING_STARTED" -%} Begins:
    {%- when "MEETING_ENDED" -%} Over:
    {%- when "AFTER_HOSTS_CAL_VIDEO_NO_SHOW" -%} :warning: The host has not joined:
    {%- when "AFTER_GUESTS_CAL_VIDEO_NO_SHOW" -%} The guest has not joined:
    {%- when "BOOKING_NO_SHOW_UPDATED" -%} Marked as absent, or no longer so:
    {%- endcase %} *{{ booking.title | default: "a booking" }}*
    {%- if booking.meetingUrl %} · {{ booking.meetingUrl }}{% endif %}
`;

const forms = `
# All answers, whatever the form asks.
- sink: team-slack
  channel: "#leads"
  text: |-
    *{{ payload.formName | default: "A form" }}* was filled in
    {%- if trigger == "FORM_SUBMITTED_NO_EVENT" %}, and nothing was booked{% endif %}
    {%- for answer in answers %}
    • {{ answer[0] }}: {{ answer[1] | join: ", " }}
    {%- endfor %}
`;

const other = `
- sink: team-slack
  channel: "#bookings"
  text: "*{{ trigger }}* {{ booking.title }}"
`;

export const slack: SinkStarter = {
  title: "a Slack thread for each booking",
  name: "team-slack",
  sink: `
# A Slack app with the scope chat:write, invited to the channel.
team-slack:
  type: slack
  token: \${SLACK_BOT_TOKEN}
  optional: true
`,
  targets: { bookings, meetings, forms, other },
  variables: [
    {
      name: "SLACK_BOT_TOKEN",
      from: "api.slack.com/apps → your app → OAuth & Permissions: the Bot User OAuth Token, xoxb-…",
      example: "xoxb-test",
    },
  ],
  expects: {
    BOOKING_CREATED: '{ channel: "#bookings", onUpdate: thread, text: { $regex: accepted.*Priya Raman } }',
    BOOKING_CANCELLED: "{ text: { $regex: _We chose another date by phone_$ } }",
    MEETING_ENDED: '{ text: { $regex: "^Over: \\\\*Product workshop" } }',
    AFTER_HOSTS_CAL_VIDEO_NO_SHOW: '{ text: { $regex: "^:warning: The host has not joined: " } }',
    FORM_SUBMITTED: '{ channel: "#leads", text: { $regex: "• email: ana@example.org" } }',
    OOO_CREATED: '{ text: { $regex: "^\\\\*OOO_CREATED\\\\*" } }',
  },
};
