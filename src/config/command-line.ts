/** A command as program and arguments, or why it is none and what to write instead. */
export type CommandWords =
  | { readonly words: readonly string[] }
  | { readonly words?: never; readonly found: string; readonly fix: string };

/** What only a shell understands, when it stands outside quotes. */
const operators: Readonly<Record<string, string>> = {
  "&": "the shell operator &",
  "|": "the shell operator |",
  ";": "the shell operator ;",
  "<": "the shell redirection <",
  ">": "the shell redirection >",
  "(": "a shell group (",
  ")": "a shell group )",
  $: "the shell expansion $",
  "`": "the shell expansion `",
  "*": "the file pattern *",
  "?": "the file pattern ?",
  "[": "the file pattern [",
  "\n": "a line break",
};

/**
 * Splits a command into words as a POSIX shell would (XCU 2.2, quoting): at spaces, with single quotes, double quotes and backslashes. No
 * shell runs it, so that signals reach the program itself; what would need one is refused rather than passed on as text.
 */
export function splitCommand(text: string): CommandWords {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "'" || char === '"') {
      const quoted = readQuoted(text, at);
      if (quoted === undefined) return { found: `a ${char} without its partner`, fix: "close the quote" };
      if (quoted.expands) return needsShell(text, "$");
      word = (word ?? "") + quoted.value;
      at = quoted.end;
    } else if (char === "\\" && at + 1 < text.length) {
      word = (word ?? "") + text[++at]!;
    } else if (char === " " || char === "\t") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char in operators || (char === "~" && word === undefined)) {
      return needsShell(text, char);
    } else {
      word = (word ?? "") + char;
    }
  }
  if (word !== undefined) words.push(word);
  if (words.length === 0) return { found: "an empty command", fix: 'write a program, as in "node src/server.ts"' };
  return startsWithAssignment(words) ?? { words };
}

function readQuoted(text: string, start: number): { value: string; end: number; expands: boolean } | undefined {
  const quote = text[start]!;
  let value = "";
  let expands = false;
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]!;
    if (char === quote) return { value, end: at, expands };
    if (quote === '"' && char === "\\" && '"\\$`'.includes(text[at + 1] ?? " ")) {
      value += text[++at]!;
    } else {
      expands ||= quote === '"' && (char === "$" || char === "`");
      value += char;
    }
  }
  return undefined;
}

function needsShell(text: string, operator: string): CommandWords {
  const found = operator === "~" ? "the home folder ~" : operators[operator]!;
  return { found, fix: `no shell runs it; if one should: ["sh", "-c", ${JSON.stringify(text)}]` };
}

function startsWithAssignment(words: readonly string[]): CommandWords | undefined {
  const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(words[0]!);
  if (match === null) return undefined;
  const rest = words.slice(1).join(" ");
  return {
    found: `the variable ${match[1]} before the program`,
    fix: `command: ${JSON.stringify(rest)}, env: { ${match[1]}: ${JSON.stringify(match[2])} }`,
  };
}
