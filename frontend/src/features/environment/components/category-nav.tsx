import type { Category } from "../api/list-variables";
import { anchorOf, titleOf } from "../filter";
import classes from "./category-nav.module.css";

/** Jumps to a category of the list beside it. */
export function CategoryNav({ categories }: { categories: readonly Category[] }) {
  return (
    <nav aria-label="Categories" className={classes.nav}>
      <ul className={classes.list}>
        {categories.map(({ id, name, variables }) => (
          <li key={id}>
            <a href={`#${anchorOf(id)}`} className={classes.link}>
              {titleOf(name)}
              <span className={classes.count}>{variables.length}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
