import createClient from "openapi-fetch";
import type { paths } from "@/client/schema";

/** The API client. Paths, parameters and answers are typed by the server's OpenAPI document. */
export const client = createClient<paths>({ baseUrl: "/" });

/** What is wrong with one variable or field of a request. */
export interface FieldProblem {
  variable: string | null;
  message: string;
}

interface Problem {
  status: number;
  code: string;
  title: string;
  detail?: string | undefined;
  hint?: string | undefined;
  requestId?: string | undefined;
  /** When the server wants to be asked again. */
  retryAfterSeconds?: number | undefined;
  problems?: readonly FieldProblem[];
}

/** A failed request: the server's problem document (RFC 9457), or a substitute for it. */
export class ApiError extends Error implements Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly problems: readonly FieldProblem[];

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.hint = problem.hint;
    this.requestId = problem.requestId;
    this.retryAfterSeconds = problem.retryAfterSeconds;
    this.problems = problem.problems ?? [];
  }
}

/** A 401 about a password is an answer to a form; every other 401 means that the session has ended. */
export function isSessionEnd(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401 && !ABOUT_PASSWORDS.has(error.code);
}

const ABOUT_PASSWORDS = new Set(["wrong_credentials", "link_password_required"]);

/** Statuses of something between us and the service that finds nobody behind it. */
const NOBODY_THERE = new Set([502, 503, 504]);

/** What passes by itself: nobody answers, or the service says that it cannot at the moment. A refusal stays one. */
export function isPassing(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  return error.status === 0 || error.status === 503 || error.code === UNANSWERED;
}

const UNANSWERED = "no_answer";
const UNREACHABLE = "The server cannot be reached.";

export function unreachable(): ApiError {
  return new ApiError({
    status: 0,
    code: "unreachable",
    title: "No connection",
    detail: UNREACHABLE,
    hint: "Check your network connection and that the server is running, then try again.",
  });
}

type HeaderOf = (name: string) => string | null;

/** A body that is not a problem document comes from something in between, such as a proxy. */
export function problemFrom(status: number, body: unknown, header: HeaderOf = () => null): ApiError {
  const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => (typeof fields[name] === "string" ? fields[name] : undefined);
  const unanswered = text("code") === undefined && NOBODY_THERE.has(status);
  return new ApiError({
    status,
    code: text("code") ?? (unanswered ? UNANSWERED : "unexpected_answer"),
    title: text("title") ?? `Status ${status}`,
    detail: text("detail") ?? (unanswered ? UNREACHABLE : `The server answered with status ${status}.`),
    hint: text("hint"),
    requestId: text("request_id") ?? header("x-request-id") ?? undefined,
    retryAfterSeconds: secondsOf(header("retry-after")),
    problems: Array.isArray(fields.problems) ? fields.problems.filter(isFieldProblem) : [],
  });
}

/** Our server sends seconds; a date, which some proxies send, is left to the usual pauses. */
function secondsOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function isFieldProblem(value: unknown): value is FieldProblem {
  if (typeof value !== "object" || value === null) return false;
  const { variable, message } = value as Record<string, unknown>;
  return (typeof variable === "string" || variable === null) && typeof message === "string";
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer; throws ApiError for everything but success and cancellation. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (!answer.response.ok) {
    throw problemFrom(answer.response.status, answer.error, (name) => answer.response.headers.get(name));
  }
  return answer.data as T;
}
