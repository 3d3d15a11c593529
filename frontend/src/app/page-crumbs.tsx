import { Link } from "@tanstack/react-router";
import { CrumbTrail } from "@/components/layout/crumb-trail";
import { Crumbs } from "@/components/layout/crumbs";

interface Entry {
  label: string;
  to?: string;
}

/** The breadcrumbs of a page whose place never changes. */
export function PageCrumbs({ trail }: { trail: readonly Entry[] }) {
  const crumbs = trail.map(({ label, to }) => ({
    key: label,
    render: (className: string | undefined) =>
      to ? (
        <Link to={to} className={className}>
          {label}
        </Link>
      ) : (
        <span className={className}>{label}</span>
      ),
  }));
  return (
    <Crumbs>
      <CrumbTrail crumbs={crumbs} />
    </Crumbs>
  );
}

export const ADMINISTRATION: Entry = { label: "Administration", to: "/admin" };
