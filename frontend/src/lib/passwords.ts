export const MIN_PASSWORD_LENGTH = 8;

/** What is wrong with a new password, before it is sent; null if nothing is. */
export function passwordProblem(wanted: string): string | null {
  // by code point, as the server does
  return Array.from(wanted).length < MIN_PASSWORD_LENGTH ? `At least ${MIN_PASSWORD_LENGTH} characters.` : null;
}
