import type { SinkStarter } from "./starter.ts";

const bookings = `
# One row for each booking, found by its key and kept in step. The columns stand in row 1; an empty tab gets them.
- sink: sheet
  spreadsheet: \${SPREADSHEET_ID}
  sheet: Bookings
  valueInput: user-entered # as if typed by a person, so that times can be sorted
  key: Booking
  row:
    Booking: "{{ booking.key }}"
    Status: "{{ booking.status | downcase }}"
    Title: "{{ booking.title }}"
    Start: '{{ booking.start | date: "%Y-%m-%d %H:%M" }}'
    Minutes: "{{ booking.minutes }}"
    Guest: "{{ booking.attendee.name }}"
    Email: "{{ booking.attendee.email }}"
    Host: "{{ booking.organizer.name }}"
`;

const meetings = `
# A log: a row for each event, whose id is the key, so that none is written twice.
- sink: sheet
  spreadsheet: \${SPREADSHEET_ID}
  sheet: Meetings
  valueInput: user-entered
  key: Event
  row:
    Event: "{{ event.id }}"
    Time: '{{ createdAt | date: "%Y-%m-%d %H:%M" }}'
    What: "{{ trigger }}"
    Title: "{{ booking.title }}"
    Guest: "{{ booking.attendee.email }}"
    Host: "{{ booking.organizer.email }}"
`;

const forms = `
# A row for each form. A question of yours becomes a column by its field identifier: Company: "{{ answers.company }}"
- sink: sheet
  spreadsheet: \${SPREADSHEET_ID}
  sheet: Forms
  valueInput: user-entered
  key: Event
  row:
    Event: "{{ event.id }}"
    Time: '{{ createdAt | date: "%Y-%m-%d %H:%M" }}'
    Form: "{{ payload.formName }}"
    Email: "{{ answers.email }}"
    Booked: '{% if trigger == "FORM_SUBMITTED_NO_EVENT" %}no{% endif %}'
    Answers: "{{ answers | json }}"
`;

const other = `
- sink: sheet
  spreadsheet: \${SPREADSHEET_ID}
  sheet: Log
  valueInput: user-entered
  key: Event
  row:
    Event: "{{ event.id }}"
    Time: '{{ createdAt | date: "%Y-%m-%d %H:%M" }}'
    What: "{{ trigger }}"
    Title: "{{ booking.title }}"
`;

export const googleSheets: SinkStarter = {
  title: "a row for each booking in Google Sheets",
  name: "sheet",
  sink: `
# A Google service account, with whose address the spreadsheet is shared as Editor.
sheet:
  type: google-sheets
  credentials: \${GOOGLE_CREDENTIALS}
  optional: true
`,
  targets: { bookings, meetings, forms, other },
  variables: [
    {
      name: "GOOGLE_CREDENTIALS",
      from: "console.cloud.google.com → IAM & Admin → Service Accounts → Keys: the path of the JSON file",
      example: "./google-key.json",
    },
    {
      name: "SPREADSHEET_ID",
      from: "the spreadsheet's address in the browser, whole or the id in it",
      example: "1AbCdEfGhIjKlMnOpQrStUvWxYz",
    },
  ],
  expects: {
    BOOKING_CREATED: "{ sheet: Bookings, row.Status: accepted, row.Start: 2026-12-01 15:00 }",
    BOOKING_CANCELLED: "{ row.Booking: hV3kRz9TqYw2LmXc7NbP4d, row.Status: cancelled }",
    MEETING_ENDED: "{ sheet: Meetings, row.What: MEETING_ENDED }",
    AFTER_HOSTS_CAL_VIDEO_NO_SHOW: "{ row.Guest: tom@example.org }",
    FORM_SUBMITTED: "{ sheet: Forms, row.Email: ana@example.org }",
    OOO_CREATED: "{ sheet: Log, row.What: OOO_CREATED }",
  },
};
