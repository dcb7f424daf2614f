/** Where Temporal Web UI shows a run; `base` such as `http://localhost:8233`, absent when nobody said where the UI is. */
export function runUrlOf(base: string | undefined, namespace: string): (workflowId: string, runId: string) => string {
  return (workflowId, runId) => {
    const path = `/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
    return `${base ?? ''}${path}`;
  };
}
