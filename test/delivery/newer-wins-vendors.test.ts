import { array, assert, asyncProperty, nat, shuffledSubarray, tuple } from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { builtInSinks } from "../../plugins/index.ts";
import { chain, chainRelay } from "../support/chain.ts";
import { startGoogleSheets } from "../support/google-sheets.ts";
import { dataSource, startNotion } from "../support/notion.ts";
import { startSlack } from "../support/slack.ts";

const yaml = `
sinks:
  chat: { type: slack, token: "\${SLACK_TOKEN}", apiUrl: "\${SLACK_URL}", rate: 1000/s }
  sheet: { type: google-sheets, credentials: "\${CREDENTIALS}", apiUrl: "\${SHEETS_URL}", tokenUrl: "\${TOKEN_URL}", rate: 1000/s }
  pages: { type: notion, token: "\${NOTION_TOKEN}", apiUrl: "\${NOTION_URL}", rate: 1000/s }
routes:
  - name: all
    on: "*"
    to:
      - { sink: chat, channel: "#sales", onUpdate: edit, text: "{{ booking.key }} {{ booking.status }} {{ booking.start }}" }
      - { sink: sheet, spreadsheet: bookings, key: Booking, row: { Booking: "{{ booking.key }}", Status: "{{ booking.status }}", Start: "{{ booking.start }}" } }
      - { sink: pages, dataSource: ${dataSource.bookings}, key: Booking, properties: { Name: "{{ booking.status }} {{ booking.start }}", Booking: "{{ booking.key }}" } }
`;

test("Slack, Sheets and Notion end with the message, row and page of the in-order run, in whatever order events come", async () => {
  const { send, ended } = await vendors();
  const inOrder = "inOrderBooking1x";
  await send(chain(inOrder));
  const expected = ended(inOrder);
  expect(expected).toMatchObject([
    [expect.stringContaining("CANCELLED")],
    [["BOOKING", "CANCELLED", expect.anything()]],
    [{}],
  ]);
  let count = 0;
  const orders = tuple(shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), array(nat(4), { maxLength: 2 })).map(
    ([order, again]) => [...order, ...again],
  );
  await assert(
    asyncProperty(orders, async (order) => {
      const uid = `vendorBooking${(count += 1)}x`;
      const bodies = chain(uid);
      await send(order.flatMap((index) => bodies[index] ?? []));
      expect(ended(uid)).toEqual(expected);
    }),
    { numRuns: 8, examples: [[[4, 3, 2, 1, 0]]] },
  );
}, 30_000);

/** The three stand-ins behind one relay, and what stands in each of a booking, its own key blotted out. */
async function vendors(): Promise<{
  send: (bodies: readonly string[]) => Promise<void>;
  ended: (uid: string) => unknown[];
}> {
  const [slack, sheets, notion] = await Promise.all([startSlack(), startGoogleSheets(), startNotion()]);
  for (const vendor of [slack, sheets, notion]) onTestFinished(() => vendor.close());
  sheets.setRows("bookings", "Bookings", [["Booking", "Status", "Start"]]);
  const relay = await chainRelay(yaml, builtInSinks, {
    SLACK_TOKEN: slack.token,
    SLACK_URL: slack.url,
    CREDENTIALS: sheets.credentials,
    SHEETS_URL: sheets.url,
    TOKEN_URL: sheets.tokenUrl,
    NOTION_TOKEN: notion.token,
    NOTION_URL: notion.url,
  });
  return {
    send: (bodies) => relay.send(bodies),
    ended(uid) {
      const texts = slack.messages("#sales").map(({ text }) => text);
      const rows = sheets.rows("bookings", "Bookings");
      const pages = notion.pages(dataSource.bookings).map(({ properties }) => properties);
      return [texts, rows, pages].map((things) =>
        things
          .map((thing) => JSON.stringify(thing))
          .filter((text) => text.includes(uid))
          .map((text): unknown => JSON.parse(text.replaceAll(uid, "BOOKING"))),
      );
    },
  };
}
