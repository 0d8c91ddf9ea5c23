import cors from "@fastify/cors";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { createAuthentication, type Authentication } from "./auth/authentication.ts";
import type { Tokens } from "./auth/tokens.ts";
import { addCachingDefaults, createCaching, type Caching } from "./caching.ts";
import type { Db } from "./database/database.ts";
import { handleError, handleUnknownRoute } from "./error-handler.ts";
import { notJson } from "./errors.ts";
import { articleRoutes } from "./features/articles/routes.ts";
import { commentRoutes } from "./features/comments/routes.ts";
import { favoriteRoutes } from "./features/favorites/routes.ts";
import { profileRoutes } from "./features/profiles/routes.ts";
import { tagRoutes } from "./features/tags/routes.ts";
import { userRoutes } from "./features/users/routes.ts";
import { healthRoutes, type ReadinessCheck } from "./health.ts";
import { compileValidator } from "./validation.ts";

/** What every feature is given. */
export interface Services {
  readonly db: Db;
  readonly tokens: Tokens;
  readonly authenticate: Authentication;
  readonly caching: Caching;
}

export interface AppOptions {
  readonly db: Db;
  readonly tokens: Tokens;
  readonly isReady: ReadinessCheck;
  readonly log: FastifyBaseLogger;
  /** For so long shared caches may give an answer without asking. */
  readonly cacheSeconds: number;
}

/** The whole API, not yet listening. */
export function buildApp({ db, tokens, isReady, log, cacheSeconds }: AppOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: log,
    // The gateway in front keeps the access log.
    logController: new LogController({ disableRequestLogging: true }),
    // Longer than any gateway keeps an idle connection: the side that sends requests should be the one to close.
    keepAliveTimeout: 90_000,
    // What arrives on an open connection during shutdown is still served; only new connections are refused.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 1_000 },
    frameworkErrors: handleError,
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(compileValidator);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler(handleUnknownRoute);
  app.decorateRequest("viewer", undefined);
  acceptJsonOrNothing(app);
  closeConnectionsOnShutdown(app);
  addCachingDefaults(app);

  app.register(healthRoutes(isReady));
  app.register(
    (api, _options, done) => {
      // Front ends of any origin may call: who asks is told by the token, never by a cookie.
      api.register(cors, { origin: "*", methods: ["GET", "HEAD", "POST", "PUT", "DELETE"], maxAge: 86_400 });
      const caching = createCaching(cacheSeconds);
      const services: Services = { db, tokens, authenticate: createAuthentication(tokens), caching };
      const features = [userRoutes, profileRoutes, articleRoutes, favoriteRoutes, commentRoutes, tagRoutes];
      for (const routes of features) api.register(routes(services));
      done();
    },
    { prefix: "/api" },
  );
  return app;
}

/**
 * Bodies are JSON. Many clients name a content type also when they send none, and not always that one; a route that
 * needs a body says so by its schema.
 */
function acceptJsonOrNothing(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("remove", "remove");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body: string, done) => {
    if (body === "") done(null, undefined);
    else void parse(request, body, done);
  });
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    if (body === "") done(null, undefined);
    else done(notJson());
  });
}

/** Else a client that keeps its connection would keep the process from ending. */
function closeConnectionsOnShutdown(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook("preClose", (done) => {
    isClosing = true;
    done();
  });
  app.addHook("onSend", (_request, reply, payload, done) => {
    if (isClosing) reply.header("connection", "close");
    done(null, payload);
  });
}
