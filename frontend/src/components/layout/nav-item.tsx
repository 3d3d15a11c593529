import { Link, type LinkProps } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import classes from "./nav-item.module.css";

interface Props {
  to: NonNullable<LinkProps["to"]>;
  icon: LucideIcon;
  label: string;
}

export function NavItem({ to, icon: Icon, label }: Props) {
  return (
    <Link
      to={to}
      className={classes.item}
      activeProps={{ "aria-current": "page" }}
      activeOptions={{ includeSearch: false }}
    >
      <Icon size={18} strokeWidth={1.75} aria-hidden />
      {label}
    </Link>
  );
}
