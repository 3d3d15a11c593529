export const MIN_PASSWORD_LENGTH = 8;

/** What is wrong with a new password, told before it is sent; null for nothing. The server counts letters too. */
export function passwordProblem(wanted: string): string | null {
  // by code point, as the server does
  return Array.from(wanted).length < MIN_PASSWORD_LENGTH ? `At least ${MIN_PASSWORD_LENGTH} characters.` : null;
}
