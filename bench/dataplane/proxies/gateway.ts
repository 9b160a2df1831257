/** What is measured of ours: `tcp-ingress gateway`, without the command line's own code. Takes the configuration, the engine and the number of workers. */
import process from "node:process";
import { runStandalone } from "../../../app/gateway/standalone.ts";

const [config = "", engine = "auto", workers] = process.argv.slice(2);
process.exitCode = await runStandalone({ config, engine, workers: Number(workers), watch: false });
