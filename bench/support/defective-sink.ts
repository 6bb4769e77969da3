// A sink plugin with a defect, for a relay's `plugins`.
import { defineSink } from "cal-relay/sdk";
import { z } from "zod";

export default defineSink({
  type: "defective",
  title: "Defective",
  connection: z.strictObject({}),
  message: z.strictObject({}),
  secrets: [],
  open: () =>
    Promise.resolve({
      deliver: () => Promise.reject(new TypeError("cannot read properties of undefined")),
    }),
});
