// Thumbnails by sharp behind Node's own HTTP server: /NAME is a file of the folder given. One thread per image, as
// aishare's children have; everything else as sharp comes.
import http from "node:http";
import path from "node:path";

import sharp from "sharp";

const [, , port, folder] = process.argv;
sharp.concurrency(1);
sharp.cache(false);

http
  .createServer(async (request, response) => {
    try {
      const image = sharp(path.join(folder, path.basename(request.url)));
      const inside = { width: 300, height: 300, fit: "inside", withoutEnlargement: true };
      const body = await image.autoOrient().resize(inside).webp({ quality: 80 }).toBuffer();
      response.writeHead(200, { "content-type": "image/webp", "content-length": body.length });
      response.end(body);
    } catch (error) {
      response.writeHead(500);
      response.end(String(error));
    }
  })
  .listen(Number(port), "127.0.0.1");
