export { sinkConformance } from "./conformance.ts";
export type { TestRunner } from "./conformance.ts";
export { exampleEvent, openSink } from "./open-sink.ts";
export type { OpenedSink, OpenSinkOptions } from "./open-sink.ts";
export { startStandIn } from "./stand-in.ts";
export type { Answer, Misbehaviour, Received, StandIn } from "./stand-in.ts";
export type { Outcome, SinkSubject } from "./subject.ts";
