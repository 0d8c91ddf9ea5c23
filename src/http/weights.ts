export interface Weighted {
  /** In lower case. */
  readonly name: string;
  /** 0 to 1; 0: not acceptable. */
  readonly weight: number;
}

/** `name;q=0.5, …` (RFC 9110 §12.4.2), in the order of the field; a weight that cannot be read is 0. */
export function readWeights(value: string): Weighted[] {
  return value
    .split(",")
    .map((part) => {
      const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
      const q = parameters.find((text) => text.startsWith("q="))?.slice(2);
      const weight = q === undefined ? 1 : /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(q) ? Number(q) : 0;
      return { name, weight };
    })
    .filter(({ name }) => name !== "");
}
