import { TenfoldError } from "../kernel/index.ts";

export const socketPathTooLong = (path: string, maxBytes: number): TenfoldError =>
  new TenfoldError(
    "STATICFILES_SOCKET_PATH_TOO_LONG",
    `the path of a socket that files are served on has more than ${maxBytes} bytes: ${path}`,
    {
      fix: "set TMPDIR to a folder with a shorter path",
      facts: { path, maxBytes },
    },
  );
