import { Component, type ReactNode } from "react";
import { explainError } from "../errors/explainError.ts";
import { Notice } from "./Notice.tsx";

/** What cannot be shown is said instead: a bug, or a part of the page that does not load. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? this.props.children : <Notice error={explainError(error)} />;
  }
}
