import type { SinkStarter } from "./starter.ts";

export const webhook: SinkStarter = {
  title: "a signed request to another system",
  name: "my-system",
  sink: `
# Anything with a URL: n8n, Make, Zapier, a service of yours. Signed as standardwebhooks.com describes.
my-system:
  type: webhook
  url: \${WEBHOOK_URL}
  signingSecret: \${WEBHOOK_SIGNING_SECRET}
  optional: true
`,
  targets: `
# Sent as JSON. Without a \`body\`: what Cal.com sent, as it is.
- sink: my-system
  body:
    type: "{{ trigger }}"
    id: "{{ event.id }}"
    createdAt: "{{ createdAt }}"
    booking: "{{ booking }}" # a value that is one {{ }} alone keeps its type: here the whole structure
    answers: "{{ answers }}"
`,
  variables: [
    { name: "WEBHOOK_URL", from: "the receiver's address, https://…", example: "https://receiver.example.com/in" },
    {
      name: "WEBHOOK_SIGNING_SECRET",
      from: 'made with: echo "whsec_$(openssl rand -base64 32)"; the receiver needs it too',
      example: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    },
  ],
  expects: {
    BOOKING_CREATED: "{ body.type: BOOKING_CREATED, body.booking.status: ACCEPTED }",
    BOOKING_CANCELLED: "{ body.booking.key: hV3kRz9TqYw2LmXc7NbP4d, body.booking.status: CANCELLED }",
    MEETING_ENDED: "{ body.booking.organizer.email: jonas@example.com }",
    AFTER_HOSTS_CAL_VIDEO_NO_SHOW: "{ body.booking.uid: wN5xJt8KbMz3PqHd6RfY2s }",
    FORM_SUBMITTED: "{ body.answers.email: ana@example.org }",
    OOO_CREATED: "{ body.type: OOO_CREATED }",
  },
};
