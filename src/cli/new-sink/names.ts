/** What a new sink is called in its various places. */
export interface SinkNames {
  /** As in the YAML: `on-call`. */
  readonly type: string;
  /** In a sentence: `On call`. */
  readonly title: string;
  /** In code: `onCall`. */
  readonly identifier: string;
  /** The variable with its token: `ON_CALL_TOKEN`. */
  readonly variable: string;
}

/** `type` is `[a-z0-9-]+`. */
export function namesOf(type: string): SinkNames {
  const words = type.split("-").filter((word) => word !== "");
  const [first = "sink", ...rest] = words;
  const camel = [first, ...rest.map(capitalised)].join("");
  const sign = /^[a-z]/.test(camel) ? "" : "sink";
  return {
    type,
    title: capitalised(words.join(" ")),
    identifier: sign + camel,
    variable: `${[...(sign ? [sign] : []), ...words].join("_").toUpperCase()}_TOKEN`,
  };
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
