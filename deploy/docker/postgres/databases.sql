-- A database for each service, and one for the monolith with a schema for each module.
CREATE DATABASE monolith;
CREATE DATABASE auth;
CREATE DATABASE orders;
CREATE DATABASE notifications;
