import type { SinkStarter } from "./starter.ts";

const bookings = `
# One page for each booking, found by its key and kept in step. A property that an event says nothing of (null) stays as it is.
- sink: wiki
  database: \${NOTION_DATABASE_ID:-00000000000000000000000000000000}
  key: Booking
  properties:
    Name: "{{ booking.title }}" # the title
    Booking: "{{ booking.key }}" # text
    Status: "{{ booking.status | downcase }}" # select
    When: { start: "{{ booking.start }}", end: "{{ booking.end }}" } # date
    Email: "{{ booking.attendee.email }}" # e-mail
    Last event: "{{ trigger }}" # text
  # Written when the page is added; what people write there stays.
  content: |
    With **{{ booking.attendee.name | default: booking.attendee.email }}**, {{ booking.minutes | duration }}.

    {{ answers.notes }}
`;

const meetings = `
- sink: wiki
  database: \${NOTION_DATABASE_ID:-00000000000000000000000000000000}
  key: Booking
  properties:
    Name: "{{ booking.title }}"
    Booking: "{{ booking.key }}"
    Last event: "{{ trigger }}"
`;

const forms = `
# A page for each form, with all answers.
- sink: wiki
  database: \${NOTION_FORMS_DATABASE_ID:-00000000000000000000000000000000}
  key: Event
  properties:
    Name: '{{ answers.email | default: payload.formName | default: "A form" }}' # the title
    Event: "{{ event.id }}" # text
    Form: "{{ payload.formName }}" # text
    When: "{{ createdAt }}" # date
  content: |
    {% for answer in answers -%}
    - **{{ answer[0] }}**: {{ answer[1] | join: ", " }}
    {% endfor %}
`;

const other = `
- sink: wiki
  database: \${NOTION_DATABASE_ID:-00000000000000000000000000000000}
  key: Booking
  properties:
    Name: "{{ booking.title | default: trigger }}"
    Booking: "{{ booking.key }}" # the event's id, where an event belongs to no booking
    Last event: "{{ trigger }}"
`;

export const notion: SinkStarter = {
  title: "a page for each booking in Notion",
  name: "wiki",
  sink: `
# An internal integration that may read, update and insert content, connected to the database.
wiki:
  type: notion
  token: \${NOTION_TOKEN}
  optional: true
`,
  targets: { bookings, meetings, forms, other },
  variables: [
    {
      name: "NOTION_TOKEN",
      from: "notion.so/profile/integrations → New integration: the secret, ntn_…",
      example: "ntn_test",
    },
    {
      name: "NOTION_DATABASE_ID",
      from: "the link of the database of bookings",
      example: "0123456789abcdef0123456789abcdef",
    },
    {
      name: "NOTION_FORMS_DATABASE_ID",
      from: "the link of the database of forms",
      example: "fedcba9876543210fedcba9876543210",
    },
  ],
  expects: {
    BOOKING_CREATED: "{ key: Booking, properties.Status: accepted, properties.Email: priya@example.org }",
    BOOKING_CANCELLED: "{ properties.Booking: hV3kRz9TqYw2LmXc7NbP4d, properties.Status: cancelled }",
    MEETING_ENDED: "{ properties.Last event: MEETING_ENDED }",
    AFTER_HOSTS_CAL_VIDEO_NO_SHOW: "{ properties.Booking: wN5xJt8KbMz3PqHd6RfY2s }",
    FORM_SUBMITTED: "{ key: Event, properties.Name: ana@example.org }",
    OOO_CREATED: "{ properties.Name: OOO_CREATED }",
  },
};
