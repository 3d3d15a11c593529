import { describe, expect, it } from "vitest";
import { ApiError, isPassing, isSessionEnd, problemFrom, unwrap } from "./http";

describe("problemFrom", () => {
  it("takes over every field of a problem document", () => {
    const error = problemFrom(507, {
      code: "storage_full",
      title: "Insufficient Storage",
      detail: "The disk is full.",
      hint: "Delete something.",
      request_id: "r-1",
    });
    expect(error).toMatchObject({ status: 507, code: "storage_full", hint: "Delete something.", requestId: "r-1" });
    expect(error.message).toBe("The disk is full.");
  });

  it("takes over what is wrong with each variable, and nothing that has another shape", () => {
    const wrong = { variable: "S3_ENDPOINT", message: "is no URL" };
    const error = problemFrom(422, { code: "invalid_settings", problems: [wrong, null, "x", { variable: 1 }] });
    expect(error.problems).toEqual([wrong]);
    expect(problemFrom(500, "").problems).toEqual([]);
  });

  it("makes a readable error of a proxy's HTML page", () => {
    const error = problemFrom(413, "<html>Too large</html>", (name) => (name === "x-request-id" ? "r-2" : null));
    expect(error).toMatchObject({ code: "unexpected_answer", requestId: "r-2" });
    expect(error.message).toBe("The server answered with status 413.");
  });

  it("knows a proxy that finds nobody behind it", () => {
    const error = problemFrom(502, "<html>Bad gateway</html>", (name) => (name === "x-request-id" ? "r-2" : null));
    expect(error).toMatchObject({ code: "no_answer", requestId: "r-2" });
    expect(error.message).toBe("The server cannot be reached.");
    expect(isPassing(error)).toBe(true);
    expect(isPassing(problemFrom(502, { code: "corrupt_object" }))).toBe(false);
  });
});

describe("unwrap", () => {
  it("returns the data of a success", async () => {
    await expect(unwrap(Promise.resolve({ data: 5, response: new Response() }))).resolves.toBe(5);
  });

  it("throws the problem of a refusal", async () => {
    const call = unwrap(Promise.resolve({ error: { code: "x" }, response: new Response(null, { status: 401 }) }));
    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(isSessionEnd(error)).toBe(true);
  });

  it("does not take a wrong password for the end of the session", () => {
    expect(isSessionEnd(problemFrom(401, { code: "wrong_credentials" }))).toBe(false);
    expect(isSessionEnd(problemFrom(401, { code: "link_password_required" }))).toBe(false);
    expect(isSessionEnd(problemFrom(401, { code: "not_authenticated" }))).toBe(true);
  });

  it("names a dead connection, and lets a cancellation through as it is", async () => {
    await expect(unwrap(Promise.reject(new TypeError("failed")))).rejects.toMatchObject({ code: "unreachable" });
    const cancelled = new DOMException("stop", "AbortError");
    await expect(unwrap(Promise.reject(cancelled))).rejects.toBe(cancelled);
  });
});
