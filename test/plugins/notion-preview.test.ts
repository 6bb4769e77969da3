import { expect, test } from "vitest";
import { escapeMarkdown } from "../../plugins/notion/escape.ts";
import { message } from "../../plugins/notion/options.ts";
import { preview } from "../../plugins/notion/preview.ts";

const ID = "0123456789abcdef0123456789abcdef";

function shown(given: object): string {
  return preview(message.parse({ database: ID, ...given }));
}

test("shows a page's properties with the kind of their values, its icon and its body as it reads", () => {
  const content = `## ${escapeMarkdown("Ann [x] & Bob: https://example.com/a.")}\n\nSee **you**.\n`;
  const properties = {
    Name: "Intro call",
    When: { start: "2026-12-01T15:00:00Z", end: "2026-12-01T15:45:00Z", time_zone: "Europe/Berlin" },
    Day: "2026-12-01",
    Email: "ann@example.com",
    Link: "https://example.com",
    Minutes: 45,
    Paid: false,
    Guests: ["a@example.com", null, "b@example.com"],
    Phone: null,
  };
  expect(shown({ properties, content, icon: "📅" })).toBe(
    `database 01234567-89ab-cdef-0123-456789abcdef
adds a page

icon 📅

Name     text      Intro call
When     date      2026-12-01T15:00:00Z → 2026-12-01T15:45:00Z (Europe/Berlin)
Day      date      2026-12-01
Email    e-mail    ann@example.com
Link     link      https://example.com
Minutes  number    45
Paid     checkbox  false
Guests   list      a@example.com, b@example.com
Phone              (empty)

body:
## Ann [x] & Bob: https://example.com/a.

See **you**.`,
  );
});

test("says which page a key updates, what it leaves as it is and what it clears", () => {
  const properties = { Booking: "b1", Status: "ACCEPTED", Note: "", Phone: null };
  expect(shown({ database: undefined, dataSource: ID, key: "Booking", properties, content: "Hello" })).toBe(
    `data source 01234567-89ab-cdef-0123-456789abcdef
updates the page with Booking b1, or adds it

Booking  text  b1
Status   text  ACCEPTED
Note           (cleared)
Phone          (left as it is)

body, where the page is added:
Hello`,
  );
});
