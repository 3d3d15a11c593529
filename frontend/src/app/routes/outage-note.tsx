import { CloudOff } from "lucide-react";
import { useOutage } from "../outage";
import { outage } from "../session";
import classes from "./outage-note.module.css";

/** While the server is away: what is shown stays, and fills by itself as soon as it is back. */
export function OutageNote() {
  const reason = useOutage(outage);
  if (reason === null) return null;
  return (
    <div role="status" className={classes.note}>
      <CloudOff size={18} strokeWidth={1.75} aria-hidden />
      <span>{reason} Trying again …</span>
    </div>
  );
}
