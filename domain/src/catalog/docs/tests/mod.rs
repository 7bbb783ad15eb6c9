mod links;
mod places;
mod sites;
