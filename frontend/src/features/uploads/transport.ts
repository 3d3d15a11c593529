import { ApiError, problemFrom, unreachable } from "@/lib/http";

export interface Transfer {
  /** True if the file is new, false if it replaced one. */
  done: Promise<boolean>;
  abort: () => void;
}

/** `address` is where a file goes that is not one of the caller's own. */
export type Send = (path: string, file: Blob, onSent: (bytes: number) => void, address?: string) => Transfer;

export function uploadUrl(path: string): string {
  return `/api/files/by-path/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** XMLHttpRequest, for fetch tells nothing about the progress of a request body. */
export const sendWithXhr: Send = (path, file, onSent, address = uploadUrl(path)) => {
  const request = new XMLHttpRequest();
  const done = new Promise<boolean>((resolve, reject) => {
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      if (request.status === 200 || request.status === 201) resolve(request.status === 201);
      else reject(problemFrom(request.status, parse(request.responseText), request.getResponseHeader("x-request-id")));
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new ApiError({ status: 0, code: "cancelled", title: "Cancelled" }));
  });
  request.open("PUT", address);
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
  request.send(file);
  return { done, abort: () => request.abort() };
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
