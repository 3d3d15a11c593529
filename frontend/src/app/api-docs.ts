// The page /api/docs, a bundle of its own: Swagger UI is larger than all the rest of the application.
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import "./api-docs.css";

const root = document.documentElement;
root.classList.toggle("dark-mode", root.dataset.mantineColorScheme === "dark");

SwaggerUI({
  url: "/api/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "list",
  // by default Swagger UI shows the document to validator.swagger.io
  validatorUrl: null,
});
