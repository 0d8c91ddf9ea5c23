import fc from "fast-check";
import { fields, headSize } from "./fields.ts";
import { framedBody } from "./framing.ts";
import { mostly } from "./pick.ts";
import { requestLine } from "./request-line.ts";

const lineEnd = mostly("\r\n", 200, "\n", "\r", "\r\r\n", "\n\r", "\r\n\r\n", "");
const headEnd = mostly("\r\n", 200, "\n", "\r", "", "\r\r\n", " \r\n");

/** A request that wants a body gets one more often than another; which number it has decides how it is answered. */
export const request = fc
  .tuple(requestLine, fields, framedBody, headSize, lineEnd, headEnd, fc.boolean())
  .map(
    ([{ before, method, line }, fields, framed, headSize, lineEnd, headEnd, isBodyLikely]) =>
      (number: number): string => {
        const isPlain = framed.fields.length === 1 && method !== "POST" && method !== "PUT" && !isBodyLikely;
        const { fields: framing, body } = isPlain ? { fields: [], body: "" } : framed;
        const lines = [...fields, ...(number === 0 ? [] : [`X-N: ${number}`]), ...framing];
        let head = `${line}${lineEnd}${lines.map((each) => `${each}\r\n`).join("")}`;
        const missing = headSize - head.length - "X-Pad: \r\n\r\n".length;
        if (missing > 0) head += `X-Pad: ${"p".repeat(missing)}\r\n`;
        return before + head + headEnd + body;
      },
  );
