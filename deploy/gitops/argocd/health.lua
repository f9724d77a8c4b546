-- Health of the kinds of StreamBus, Druid ingestion and Prism, for Argo CD. All of them have the same conditions.
local health = {}
local status = obj.status or {}
local conditions = {}
for _, condition in ipairs(status.conditions or {}) do
  conditions[condition.type] = condition
end

local function says(type)
  return conditions[type] ~= nil and conditions[type].status == "True"
end

local function as(name, condition)
  health.status = name
  health.message = condition and condition.message or nil
  return health
end

if says("Paused") then
  return as("Suspended", conditions.Paused)
end
-- What the status says is of an earlier spec, or nobody has looked at it yet.
if conditions.Ready == nil or status.observedGeneration ~= obj.metadata.generation then
  return as("Progressing", { message = "The operator has not acted upon this spec yet." })
end
if says("Stalled") then
  return as("Degraded", conditions.Stalled)
end
if says("Suspended") then
  return as("Suspended", conditions.Suspended)
end
if says("Ready") and not says("Reconciling") then
  return as("Healthy", conditions.Ready)
end
-- It ran, and does not run as it should: brokers are lost, or nobody leads.
if status.phase == "Degraded" or status.phase == "Failed" then
  return as("Degraded", conditions.Ready)
end
return as("Progressing", says("Reconciling") and conditions.Reconciling or conditions.Ready)
