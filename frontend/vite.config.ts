import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { createLogger } from "vite";
import { defineConfig } from "vitest/config";

// `make dev` says itself when it starts the server again: requests that are refused meanwhile are no news
const logger = createLogger("warn");
const error = logger.error.bind(logger);
logger.error = (message, options) => {
  if (!options?.error?.message.includes("ECONNREFUSED")) error(message, options);
};

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // no inlined data: URLs for fonts or scripts: the content security policy allows them for images only
  build: {
    assetsInlineLimit: 0,
    target: "es2022",
    chunkSizeWarningLimit: 1800,
    // what the licences of the packages inside ask for
    license: { fileName: "licenses.txt" },
    rolldownOptions: {
      input: ["index.html", "api-docs.html"],
      // left to itself, what is needed first comes in twenty pieces that compress worse, with some of what comes later
      output: {
        codeSplitting: {
          groups: [
            { name: "first", tags: ["$initial"], test: /node_modules\/(?!swagger-ui)|\/src\/(?!app\/api-docs)/ },
          ],
        },
      },
    },
  },
  // the Host header is passed on unchanged, so the server sees the page and the request as one origin
  server: {
    host: "127.0.0.1",
    proxy: {
      "^/(api|d|metrics)(/|$)": {
        target: process.env.AISHARE_SERVER ?? "http://127.0.0.1:8000",
        changeOrigin: false,
      },
    },
  },
  ...(process.env.AISHARE_SERVER ? { customLogger: logger } : {}),
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
