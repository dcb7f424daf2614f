/** Returns the configured URL of Temporal Web UI, else that of the embedded server; undefined for another server. */
export function uiUrlOf({
  temporalUiUrl,
  temporalAddress,
  temporalUiPort,
}: {
  temporalUiUrl: string | undefined;
  temporalAddress: string | undefined;
  temporalUiPort: number;
}): string | undefined {
  return temporalUiUrl ?? (temporalAddress === undefined ? `http://localhost:${temporalUiPort}` : undefined);
}

/** Creates a function that returns the URL of a run in Temporal Web UI, or only its path when `base` is undefined. */
export function runUrlOf(base: string | undefined, namespace: string): (workflowId: string, runId: string) => string {
  return (workflowId, runId) => {
    const path = `/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
    return `${base ?? ''}${path}`;
  };
}
