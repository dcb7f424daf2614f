/** Where Temporal Web UI is: where the settings say, else that of the embedded server; undefined where nobody knows. */
export function uiUrlOf({ temporalUiUrl, temporalAddress, temporalUiPort }: { temporalUiUrl: string | undefined; temporalAddress: string | undefined; temporalUiPort: number }): string | undefined {
  return temporalUiUrl ?? (temporalAddress === undefined ? `http://localhost:${temporalUiPort}` : undefined);
}

/** Where Temporal Web UI shows a run; `base` such as `http://localhost:8233`, absent when nobody said where the UI is. */
export function runUrlOf(base: string | undefined, namespace: string): (workflowId: string, runId: string) => string {
  return (workflowId, runId) => {
    const path = `/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
    return `${base ?? ''}${path}`;
  };
}
