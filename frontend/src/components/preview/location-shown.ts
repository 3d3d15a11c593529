import { createContext } from "react";

/** Whether details of files name the storage location: it means something to administrators only. */
export const LocationShownContext = createContext(false);
