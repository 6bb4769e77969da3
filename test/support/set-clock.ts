// Preloaded into a program under test: its clock, in each of its threads, is that of the machine plus what a file says, in milliseconds.
// Whoever writes to the file sets the clock.
import { readFileSync } from "node:fs";

const file = process.env["CLOCK_FILE"] ?? "";
const machineNow = Date.now;

Date.now = () => machineNow() + Number(readFileSync(file, "utf8"));
