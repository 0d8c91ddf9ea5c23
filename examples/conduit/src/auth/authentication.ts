import type { FastifyRequest } from "fastify";
import { tokenInvalid, tokenMissing } from "../errors.ts";
import type { Tokens } from "./tokens.ts";

/** The id of the user who asks; `undefined`: somebody without a token. */
export type Viewer = number | undefined;

declare module "fastify" {
  interface FastifyRequest {
    viewer: Viewer;
  }
}

/** Hooks for `onRequest`: who may not ask is told so before a body is read. */
export interface Authentication {
  /** 401 without a token. */
  readonly required: (request: FastifyRequest) => Promise<void>;
  /** Anybody may ask; a token that does not hold is still a 401, for its sender believes to be signed in. */
  readonly optional: (request: FastifyRequest) => Promise<void>;
}

export function createAuthentication(tokens: Tokens): Authentication {
  async function optional(request: FastifyRequest): Promise<void> {
    const header = request.headers.authorization;
    if (!header) return;
    const parts = /^(?:Token|Bearer)(?: +(\S+))? *$/i.exec(header);
    if (!parts) throw tokenInvalid();
    // Some clients send the word alone while nobody is signed in.
    if (parts[1] !== undefined) request.viewer = await tokens.read(parts[1]);
  }

  return {
    optional,
    async required(request) {
      await optional(request);
      if (request.viewer === undefined) throw tokenMissing();
    },
  };
}

/** The viewer of a route whose authentication is required. */
export function viewerOf(request: FastifyRequest): number {
  if (request.viewer === undefined) throw tokenMissing();
  return request.viewer;
}
