import { useSyncExternalStore } from "react";
import { routeOf, type Route } from "../route/routeOf.ts";

/** Which view the address asks for. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener("hashchange", changed);
      return () => {
        window.removeEventListener("hashchange", changed);
      };
    },
    () => window.location.hash,
  );
  return routeOf(hash);
}
