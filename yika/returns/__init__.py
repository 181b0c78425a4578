"""Returns to the factory: a unit out, with what is proven, and back again. Source: clause 4.2.3."""
