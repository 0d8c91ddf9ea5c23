import type { DetectedProject } from "./detect-project.ts";

const widest = 110;

/** The smallest config that runs the project, as a file. */
export function renderConfig({ start, health, usesDatabase, framework }: DetectedProject): string {
  const name = framework === "Next" ? "web" : "api";
  const fields =
    start === undefined
      ? []
      : [
          `command: ${commandText(start.command)}`,
          ...(Object.keys(start.env).length === 0
            ? []
            : [`env: ${inline(Object.entries(start.env).map(([key, value]) => `${key}: ${JSON.stringify(value)}`))}`]),
          ...(health === undefined ? [] : [`health: ${JSON.stringify(health)}`]),
        ];
  const service =
    start === undefined
      ? [
          `    ${name}: {`,
          `      // What starts your server; it must listen on the port in $PORT.`,
          `      command: "",`,
          `    },`,
        ]
      : serviceLines(name, fields);
  return [
    `import { defineConfig } from "tenfold";`,
    ``,
    `export default defineConfig({`,
    `  services: {`,
    ...service,
    `  },`,
    ...(usesDatabase ? [] : [`  database: false,`]),
    `});`,
    ``,
  ].join("\n");
}

function serviceLines(name: string, fields: readonly string[]): string[] {
  const line = `    ${name}: ${inline(fields)},`;
  if (line.length <= widest) return [line];
  return [`    ${name}: {`, ...fields.map((field) => `      ${field},`), `    },`];
}

function inline(fields: readonly string[]): string {
  return `{ ${fields.join(", ")} }`;
}

function commandText(command: string | readonly string[]): string {
  return typeof command === "string"
    ? JSON.stringify(command)
    : `[${command.map((word) => JSON.stringify(word)).join(", ")}]`;
}
