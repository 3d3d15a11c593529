import { Link } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import classes from "./nav-item.module.css";

interface Props {
  to: string;
  icon: LucideIcon;
  label: string;
  /** Current only on exactly this address, not on the pages below it. */
  exact?: boolean;
}

export function NavItem({ to, icon: Icon, label, exact = false }: Props) {
  return (
    <Link
      to={to}
      className={classes.item}
      activeProps={{ "aria-current": "page" }}
      activeOptions={{ includeSearch: false, exact }}
    >
      <Icon size={18} strokeWidth={1.75} aria-hidden />
      {label}
    </Link>
  );
}
