import type { FastifySchemaCompiler, FastifySchemaValidationError } from "fastify";
import { Type, type TObject } from "@fastify/type-provider-typebox";
import { Compile } from "typebox/compile";
import type { Problems } from "./errors.ts";

const notBlank = "\\S";

/** Text that says something: at least one character that is no white space. */
export const Text = (maxLength: number) => Type.String({ pattern: notBlank, maxLength });

export const Email = Type.String({ minLength: 1, maxLength: 254, pattern: "^[^\\s@]+@[^\\s@]+$" });

/**
 * Checks bodies as they are. In paths and queries, where everything is text, whole numbers are read first, and nothing
 * else is taken for one: `1.5` is not 1, nor is `true`.
 */
export const compileValidator: FastifySchemaCompiler<TObject> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (given: unknown) => {
    const value = httpPart === "body" ? given : withNumbers(schema, given as Readonly<Record<string, unknown>>);
    return validator.Check(value) ? { value } : { error: validator.Errors(value) as FastifySchemaValidationError[] };
  };
};

function withNumbers({ properties }: TObject, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const read = Object.entries(given).map(([name, text]) => {
    const isNumber = Type.IsInteger(properties[name]) && typeof text === "string" && /^-?\d+$/.test(text);
    return [name, isNumber ? Number(text) : text] as const;
  });
  return Object.fromEntries(read);
}

/** Says what a validator found in the API's words: every field once, blank before anything else. */
export function toProblems(found: readonly FastifySchemaValidationError[]): Problems {
  const problems: Problems = {};
  for (const error of found) {
    for (const field of fieldsOf(error)) {
      const messages = (problems[field] ??= []);
      const message = toMessage(error);
      if (!messages.includes(message)) messages.push(message);
    }
  }
  for (const [field, messages] of Object.entries(problems)) {
    if (messages.includes(blank)) problems[field] = [blank];
  }
  return problems;
}

const blank = "can't be blank";

/** The last name of the path; an item of a list stands for its list, and the whole body for itself. */
function fieldsOf({ keyword, instancePath, params }: FastifySchemaValidationError): string[] {
  if (keyword === "required") return params["requiredProperties"] as string[];
  return [instancePath.split("/").findLast((segment) => segment !== "" && !/^\d+$/.test(segment)) ?? "body"];
}

function toMessage({ keyword, params }: FastifySchemaValidationError): string {
  const limit = Number(params["limit"]);
  switch (keyword) {
    case "required":
    case "minLength":
      return blank;
    case "pattern":
      return String(params["pattern"]) === notBlank ? blank : "is invalid";
    case "maxLength":
      return `is too long (maximum is ${limit} characters)`;
    case "maxItems":
      return `has too many items (maximum is ${limit})`;
    case "minProperties":
      return blank;
    case "minimum":
      return `must be ${limit} or more`;
    case "maximum":
      return `must be ${limit} or less`;
    default:
      return "is invalid";
  }
}
