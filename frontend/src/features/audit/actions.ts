/** What was done, in words, in the groups in which one looks for it. */
export const ACTION_GROUPS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    "Signing in",
    {
      sign_in: "Signed in",
      sign_in_failed: "Sign-in failed",
      sign_in_locked: "Sign-in locked",
      sign_out: "Signed out",
      session_ended: "Session ended",
      password_changed: "Password changed",
      token_created: "Token created",
      token_revoked: "Token revoked",
    },
  ],
  [
    "Files",
    {
      file_uploaded: "File uploaded",
      file_replaced: "File replaced",
      file_renamed: "File renamed",
      file_moved: "File moved",
      file_deleted: "File deleted",
      folder_created: "Folder created",
      folder_renamed: "Folder renamed",
      folder_moved: "Folder moved",
      folder_deleted: "Folder deleted",
    },
  ],
  ["Users", { set_up: "Service set up", user_created: "User created", user_changed: "User changed" }],
  [
    "Sharing",
    {
      link_created: "Link created",
      link_changed: "Link changed",
      link_revoked: "Link revoked",
      link_downloaded: "Downloaded by link",
      link_uploaded: "Uploaded by link",
      share_created: "Shared",
      share_changed: "Share changed",
      share_deleted: "Share removed",
    },
  ],
  [
    "Environment",
    {
      settings_changed: "Settings changed",
      settings_confirmed: "Settings kept",
      settings_reverted: "Settings taken back",
      settings_expired: "Settings not kept in time",
      settings_refused: "Settings refused",
      settings_reloaded: "Settings read again",
    },
  ],
  [
    "Storage",
    {
      storage_taken_over: "Storage taken over",
      secret_key_accepted: "Secret key accepted",
      location_retired: "Location retired",
      migration_started: "Move started",
      migration_limited: "Move limited",
      migration_pause: "Move paused",
      migration_resume: "Move resumed",
      migration_cancel: "Move cancelled",
      migration_rollback: "Move rolled back",
      migration_retry: "Move retried",
      scrub_start: "Check started",
      scrub_cancel: "Check cancelled",
      garbage_collected: "Garbage deleted",
      audit_exported: "Audit log exported",
    },
  ],
];

const LABELS = new Map(ACTION_GROUPS.flatMap(([, labels]) => Object.entries(labels)));

/** An act that this page does not know yet still says what it is. */
export function actionLabel(action: string): string {
  const label = LABELS.get(action);
  if (label !== undefined) return label;
  const words = action.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
