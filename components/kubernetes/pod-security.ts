/** The release whose rules are enforced: a newer cluster's stricter ones only warn, until this is raised. */
export const podSecurityVersion = "v1.34";

/** Labels of a namespace that admits no pod below the `restricted` level of Kubernetes' Pod Security Standards. */
export const restrictedNamespace = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": podSecurityVersion,
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/audit-version": "latest",
  "pod-security.kubernetes.io/warn": "restricted",
  "pod-security.kubernetes.io/warn-version": "latest",
} as const;
