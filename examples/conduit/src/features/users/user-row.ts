import { isUniqueViolation } from "../../database/failures.ts";
import { taken } from "../../errors.ts";

export interface UserRow {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly bio: string;
  readonly image: string;
}

export const userColumns = ["id", "username", "email", "bio", "image"] as const;

/** Tells the API's user what a unique constraint told us; anything else is thrown on. */
export function orTaken(error: unknown): never {
  if (isUniqueViolation(error, "users_username_key")) throw taken("username");
  if (isUniqueViolation(error, "users_email_key")) throw taken("email");
  throw error;
}
