import { ApiError, problemFrom, unreachable } from "@/lib/http";
import { bodyOf } from "./local-file";

export interface Stored {
  /** False if it replaced another file. */
  created: boolean;
  /** Of what is stored now. */
  etag: string | null;
}

export interface Transfer {
  done: Promise<Stored>;
  abort: () => void;
}

export interface Sending {
  address: string;
  file: Blob;
  headers: Readonly<Record<string, string>>;
}

export type Send = (sending: Sending, onSent: (bytes: number) => void) => Transfer;

export function uploadUrl(path: string): string {
  return `/api/files/by-path/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** XMLHttpRequest, for fetch tells nothing about the progress of a request body. */
export const sendWithXhr: Send = ({ address, file, headers }, onSent) => {
  const request = new XMLHttpRequest();
  const header = (name: string) => request.getResponseHeader(name);
  const done = new Promise<Stored>((resolve, reject) => {
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      if (request.status === 200 || request.status === 201)
        resolve({ created: request.status === 201, etag: header("etag") });
      else reject(problemFrom(request.status, parse(request.responseText), header));
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new ApiError({ status: 0, code: "cancelled", title: "Cancelled" }));
  });
  request.open("PUT", address);
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.send(bodyOf(file));
  return { done, abort: () => request.abort() };
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
