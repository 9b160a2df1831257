import { createDeployment } from "./place.ts";

createDeployment("registry.example.com/web:latest");
