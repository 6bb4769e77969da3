/** Called by an operation for a sink that has something new to claim once the operation is committed; "*" for all. */
export type Wake = (sink: string) => void;
