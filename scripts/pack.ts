// node --import tsx scripts/pack.ts [names…]: dist/packages/*.tgz, what would be published.
import { packPackages } from "./pack/packPackages.ts";

for (const file of await packPackages(process.argv.slice(2))) console.log(file);
