"""One simulated year of three associations: people act through the services, the clock ticks, the laws are checked."""
