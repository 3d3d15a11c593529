/** The name of each action, in the groups of the filter. */
export const ACTION_GROUPS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    "Sign-in",
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
  ["Users", { set_up: "Initial setup completed", user_created: "User created", user_changed: "User changed" }],
  [
    "Sharing",
    {
      link_created: "Link created",
      link_changed: "Link changed",
      link_revoked: "Link revoked",
      link_downloaded: "Downloaded through a link",
      link_uploaded: "Uploaded through a link",
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
      settings_reverted: "Settings reverted",
      settings_expired: "Settings reverted automatically",
      settings_refused: "Settings change rejected",
      settings_reloaded: "Settings reloaded",
    },
  ],
  [
    "Storage",
    {
      storage_taken_over: "Storage taken over",
      secret_key_accepted: "Secret key accepted",
      location_retired: "Location retired",
      migration_started: "Migration started",
      migration_limited: "Migration limits changed",
      migration_pause: "Migration paused",
      migration_resume: "Migration resumed",
      migration_cancel: "Migration cancelled",
      migration_rollback: "Migration rolled back",
      migration_retry: "Migration retried",
      scrub_start: "Integrity check started",
      scrub_cancel: "Integrity check cancelled",
      garbage_collected: "Unused objects deleted",
      audit_exported: "Audit log exported",
    },
  ],
];

const LABELS = new Map(ACTION_GROUPS.flatMap(([, labels]) => Object.entries(labels)));

/** An action that is not in the list is shown by its own name. */
export function actionLabel(action: string): string {
  const label = LABELS.get(action);
  if (label !== undefined) return label;
  const words = action.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
